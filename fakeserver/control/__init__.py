"""Control API of a fake: journal, assertions, prepared answers, faults and coverage."""
