"""The schema of every answer, field by field as the contract has them."""
