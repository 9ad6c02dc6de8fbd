"""The model of a contract: operations, parameters, bodies by media type, evidence, facts and resources."""
