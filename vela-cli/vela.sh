#!/bin/sh
# The vela command: builds itself on first use, and again when its sources have changed.
# VELA_JAVA_OPTS: options for its Java virtual machine.
set -eu

say() {
    printf 'vela: %s\n' "$1" >&2
}

# Where this script is, through any symbolic links.
script=$0
while [ -L "$script" ]; do
    target=$(readlink "$script")
    case $target in
        /*) script=$target ;;
        *) script=$(dirname "$script")/$target ;;
    esac
done
home=$(CDPATH='' cd -- "$(dirname -- "$script")" && pwd -P)

if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
    java=$JAVA_HOME/bin/java
elif command -v java >/dev/null 2>&1; then
    java=java
else
    say 'no Java found: install a JDK, version 17 or later, or point JAVA_HOME to one'
    exit 1
fi
version=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
if [ "${version:-0}" -lt 17 ]; then
    say "Java 17 or later is needed, but $java is version ${version:-unknown}"
    exit 1
fi

target=$home/modules/vela-cli/target
jar=$target/vela-cli.jar
stamp=$target/launcher.stamp

# Whether all that goes into the program is older than the given file.
is_current() {
    [ -e "$1" ] || return 1
    newer=$(find "$home/pom.xml" "$home"/modules/*/pom.xml "$home"/modules/*/src -path '*/src/test/*' -prune -o \
        -type f -newer "$1" -print 2>/dev/null | head -n 1)
    [ -z "$newer" ]
}

if ! [ -e "$jar" ] || ! [ -e "$target/java-options" ] || ! { is_current "$stamp" || is_current "$jar"; }; then
    if [ -e "$jar" ]; then
        say 'building, for its sources have changed'
    else
        say 'building, for this is its first use here; fetching what that needs can take some minutes'
    fi
    # What an earlier build left there would be on the class path, too; and half a build must not look like a whole one.
    rm -rf "$target/lib" "$target/java-options"
    mkdir -p "$target"
    touch "$stamp.new"
    # The program's output is the caller's; what the build says is not part of it.
    if ! (cd "$home" && ./mvnw -q -B -pl :vela-cli -am -Dmaven.test.skip=true -Dspotless.check.skip=true package) \
        </dev/null >&2; then
        say 'the build failed; see above'
        exit 1
    fi
    mv -f "$stamp.new" "$stamp"
fi

terminal=false
if [ -t 2 ]; then
    terminal=true
fi

# Options are split at spaces on purpose.
# shellcheck disable=SC2086
exec "$java" "@$target/java-options" "-Dvela.cli.terminal=$terminal" ${VELA_JAVA_OPTS:-} \
    -cp "$jar:$target/lib/*" dev.vela.cli.Main "$@"
