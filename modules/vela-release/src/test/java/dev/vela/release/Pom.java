package dev.vela.release;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** A published pom. */
record Pom(Document document) {

    /** A dependency, as the pom writes it. */
    record Dependency(String group, String artifact, String version, String scope) {}

    static Pom read(Path file) {
        try {
            return new Pom(
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile()));
        } catch (Exception e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
    }

    /** Returns the text at a path below the project, or an empty one. */
    String text(String path) {
        return evaluate("normalize-space(/project/" + path + ")");
    }

    boolean has(String path) {
        return !evaluate("string(count(/project/" + path + "))").equals("0");
    }

    List<Dependency> dependencies() {
        return dependencies("dependencies");
    }

    List<Dependency> managed() {
        return dependencies("dependencyManagement/dependencies");
    }

    private List<Dependency> dependencies(String path) {
        String all = "/project/" + path + "/dependency";
        int count = Integer.parseInt(evaluate("string(count(" + all + "))"));
        List<Dependency> dependencies = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            String one = all + "[" + i + "]/";
            List<String> parts = Stream.of("groupId", "artifactId", "version", "scope")
                    .map(part -> evaluate("normalize-space(" + one + part + ")"))
                    .toList();
            dependencies.add(new Dependency(parts.get(0), parts.get(1), parts.get(2), parts.get(3)));
        }
        return dependencies;
    }

    /** Returns all texts that hold no element. */
    List<String> texts() {
        try {
            NodeList nodes = (NodeList) xpath().evaluate("//*[not(*)]", document, XPathConstants.NODESET);
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < nodes.getLength(); i++) {
                texts.add(nodes.item(i).getTextContent());
            }
            return texts;
        } catch (XPathExpressionException e) {
            throw new IllegalStateException(e);
        }
    }

    private String evaluate(String expression) {
        try {
            return xpath().evaluate(expression, document);
        } catch (XPathExpressionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static XPath xpath() {
        return XPathFactory.newInstance().newXPath();
    }
}
