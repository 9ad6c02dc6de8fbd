"""HTTP messages: media types and codecs, parameters, negotiation, preferences, problem details."""
