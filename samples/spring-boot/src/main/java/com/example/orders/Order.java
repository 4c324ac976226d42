package com.example.orders;

/** An order, as consumers receive it. A replayed order may arrive twice, with the same id. */
record Order(String id, String customer, String item, int quantity) {}
