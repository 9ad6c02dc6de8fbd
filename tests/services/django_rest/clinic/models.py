"""Owners, their pets, and what is done to those."""

import uuid

from django.db import models


class Owner(models.Model):
    name = models.CharField(max_length=80)
    email = models.EmailField(unique=True)
    phone = models.CharField(max_length=30, null=True, blank=True)
    notes = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]


class Pet(models.Model):
    class Species(models.TextChoices):
        DOG = "dog"
        CAT = "cat"
        RABBIT = "rabbit"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Owner, on_delete=models.CASCADE, related_name="pets")
    name = models.CharField(max_length=60)
    species = models.CharField(max_length=10, choices=Species)
    weight = models.FloatField()
    born = models.DateField(null=True, blank=True)
    is_vaccinated = models.BooleanField(default=False)
    photo = models.FileField(upload_to="photos", null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]


class Treatment(models.Model):
    pet = models.ForeignKey(Pet, on_delete=models.CASCADE, related_name="treatments")
    type = models.CharField(max_length=20)
    vaccine = models.CharField(max_length=60, blank=True)
    minutes = models.PositiveIntegerField(null=True)
    given_at = models.DateTimeField(auto_now_add=True)
