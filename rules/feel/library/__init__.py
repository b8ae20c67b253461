"""What the built-in functions of FEEL do, a module a family; ``rules.feel.functions`` gives them
their names."""
