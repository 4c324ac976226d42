package dev.vela.view;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** What is read out of a report without all of it. */
final class Reports {

    private static final JsonFactory FACTORY = new JsonFactory();

    private Reports() {}

    /**
     * Returns the id of the instance that a report is of.
     *
     * @throws IOException if this is no report
     */
    static String instance(String report) throws IOException {
        try (JsonParser parser = FACTORY.createParser(report)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    JsonToken value = parser.nextToken();
                    if (name.equals("instance") && value == JsonToken.VALUE_STRING) {
                        return parser.getText();
                    }
                    parser.skipChildren();
                }
            }
        }
        throw new IOException("the answer is no report of a runtime");
    }
}
