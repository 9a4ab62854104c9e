"""Rules for OpenAPI. One comparison decides them all: `contracts/openapi/exchange.py`."""
