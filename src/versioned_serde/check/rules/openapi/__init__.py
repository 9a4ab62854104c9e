"""OpenAPI: whose messages are not read by whom. `contracts/openapi/exchange.py` decides them all in one comparison."""
