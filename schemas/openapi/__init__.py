"""OpenAPI 3.x and Swagger 2.0 documents to a contract and back, and the contract file."""
