"""The recipes: what people copy, how it is released, published, copied and compared."""
