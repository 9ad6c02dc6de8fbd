"""What a dialect says in prose, acted on by the fake."""
