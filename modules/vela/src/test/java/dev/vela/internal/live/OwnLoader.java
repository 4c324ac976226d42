package dev.vela.internal.live;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/** Has its own copy of Vela, as an application in a container has, and does not find some classes at all. */
class OwnLoader extends ClassLoader {
    private final List<String> hidden;

    OwnLoader(String... hiddenPrefixes) {
        super(OwnLoader.class.getClassLoader());
        this.hidden = List.of(hiddenPrefixes);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (hidden.stream().anyMatch(name::startsWith)) {
            throw new ClassNotFoundException(name);
        }
        if (!name.startsWith("dev.vela.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream file =
                Objects.requireNonNull(getParent()).getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = file.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
