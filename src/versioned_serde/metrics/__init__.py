"""Exporters: what the counters of schemas say, in the words of a metrics library. The core never imports them."""
