#!/usr/bin/env escript
%% Prints the test vectors of KeyHash.PHASH2, the same ones each time. From the directory vela:
%%   escript src/test/erlang/phash2_vectors.escript > src/test/resources/dev/vela/phash2-vectors.csv

-define(FULL, 16#100000000).
-define(RANGES, [1, 2, 3, 4, 7, 12, 1000, 16#7fffffff]).

main(_) ->
    rand:seed(exsss, {2026, 11, 21}),
    io:format("# erlang:phash2, OTP ~s~n", [erlang:system_info(otp_release)]),
    io:format("key,phash2_full~s~n", [[io_lib:format(",phash2_~b", [N]) || N <- ?RANGES]]),
    [line(Key) || Key <- keys()].

line(Key) ->
    Hashes = [erlang:phash2(Key, N) || N <- [?FULL | ?RANGES]],
    Hex = [io_lib:format("~2.16.0b", [B]) || <<B>> <= Key],
    io:format("~s~s~n", [Hex, [io_lib:format(",~b", [H]) || H <- Hashes]]).

keys() ->
    [bytes(Length) || Length <- lists:seq(0, 300)]
        ++ [<<B>> || B <- lists:seq(0, 255)]
        ++ [binary:copy(<<B>>, Length) || B <- [0, 127, 128, 255], Length <- lists:seq(1, 37)]
        ++ [bytes(rand:uniform(48)) || _ <- lists:seq(1, 300)]
        ++ [iolist_to_binary(["key-", integer_to_list(I)]) || I <- lists:seq(0, 99)]
        ++ [text(rand:uniform(24)) || _ <- lists:seq(1, 150)]
        ++ [list_to_binary(lists:seq(0, 255))]
        ++ [bytes(Length) || Length <- [1023, 1024, 1025, 4096, 10000]].

bytes(Length) ->
    << <<(rand:uniform(256) - 1)>> || _ <- lists:seq(1, Length) >>.

text(Length) ->
    << <<(character(rand:uniform(4)))/utf8>> || _ <- lists:seq(1, Length) >>.

%% One of each length in UTF-8: 1 to 4 bytes.
character(1) -> 16#20 + rand:uniform(16#5e);
character(2) -> 16#80 + rand:uniform(16#700);
character(3) -> 16#4e00 + rand:uniform(16#5000);
character(4) -> 16#1f300 + rand:uniform(16#300).
