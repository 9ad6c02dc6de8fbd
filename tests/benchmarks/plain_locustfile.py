"""A locustfile as people write it for ``tests/docs/openapi.yaml``: the calls of ``docdouble load``, and no checks."""

import random

from locust import FastHttpUser, constant, task

ACCEPT = {"Accept": "application/json"}


class Guest(FastHttpUser):
    """Lists guests, reads some, and has a few of its own."""

    wait_time = constant(0)
    known = (1,)

    @task(10)
    def list_guests(self) -> None:
        listed = self.client.get("/guests", headers=ACCEPT).json()
        self.known = tuple(guest["id"] for guest in listed[:20])

    @task(10)
    def read_guest(self) -> None:
        self.client.get(f"/guests/{random.choice(self.known)}", headers=ACCEPT, name="/guests/{id}")

    @task(2)
    def live(self) -> None:
        guest = {"name": "Ada Lovelace", "email": "ada@example.org"}
        created = self.client.post("/guests", json=guest, headers=ACCEPT).json()
        path = f"/guests/{created['id']}"
        for method, target in (("GET", path), ("GET", "/guests"), ("DELETE", path), ("GET", "/guests")):
            name = "/guests" if target == "/guests" else "/guests/{id}"
            self.client.request(method, target, headers=ACCEPT, name=name)
        with self.client.get(path, headers=ACCEPT, name="/guests/{id}", catch_response=True) as reply:
            reply.success()
