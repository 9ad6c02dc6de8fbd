"""Load on a server by Locust, with replies judged by the contract while it runs."""
