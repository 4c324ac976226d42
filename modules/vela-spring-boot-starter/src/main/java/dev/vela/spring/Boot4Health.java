package dev.vela.spring;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The health of handles, as Spring Boot 4 has it. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "org.springframework.boot.health.contributor.CompositeHealthContributor")
class Boot4Health {

    @Bean
    @ConditionalOnEnabledHealthIndicator("vela")
    @ConditionalOnMissingBean(name = "velaHealthContributor", search = SearchStrategy.CURRENT)
    CompositeHealthContributor velaHealthContributor(
            VelaRuntimes runtimes, VelaProperties properties, ListableBeanFactory beans) {
        return new Contributors(new HandleHealths(runtimes, properties, beans));
    }

    /** Handles come and go, so this is no map. */
    private record Contributors(HandleHealths healths) implements CompositeHealthContributor {

        @Override
        public @Nullable HealthContributor getContributor(String name) {
            HandleHealth health = healths.find(name);
            return health == null ? null : indicator(health);
        }

        @Override
        public Stream<Entry> stream() {
            return healths.all().entrySet().stream()
                    .map(handle -> new Entry(handle.getKey(), indicator(handle.getValue())));
        }

        private static HealthIndicator indicator(HandleHealth health) {
            return () -> Health.status(health.level().name())
                    .withDetails(health.details())
                    .build();
        }
    }
}
