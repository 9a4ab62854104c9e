"""Source rules: what the project's code and its models do beside what is declared."""
