package dev.vela.spring;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.health.CompositeHealthContributor;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthContributor;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.NamedContributor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The health of handles, as Spring Boot 3 has it. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "org.springframework.boot.actuate.health.CompositeHealthContributor")
class Boot3Health {

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
        public Iterator<NamedContributor<HealthContributor>> iterator() {
            return healths.all().entrySet().stream()
                    .map(handle ->
                            NamedContributor.of(handle.getKey(), (HealthContributor) indicator(handle.getValue())))
                    .iterator();
        }

        private static HealthIndicator indicator(HandleHealth health) {
            return () -> Health.status(health.level().name())
                    .withDetails(health.details())
                    .build();
        }
    }
}
