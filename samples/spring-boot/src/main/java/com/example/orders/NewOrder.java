package com.example.orders;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** An order, as customers send it. */
record NewOrder(String customer, String item, int quantity) {
    private static final int MAX_LENGTH = 100;

    Order withId(String id) {
        check("customer", customer);
        check("item", item);
        if (quantity < 1) {
            throw bad("quantity must be positive, was " + quantity);
        }
        return new Order(id, customer, item, quantity);
    }

    private static void check(String field, String value) {
        if (value == null || value.isBlank() || value.length() > MAX_LENGTH) {
            throw bad(field + " must have 1 to " + MAX_LENGTH + " characters");
        }
    }

    private static ResponseStatusException bad(String reason) {
        return new ResponseStatusException(HttpStatus.BAD_REQUEST, reason);
    }
}
