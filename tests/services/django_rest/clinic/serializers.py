"""What the clinic reads and shows."""

from django.contrib.auth.models import User
from rest_framework import serializers

from .bugs import BUG
from .models import Owner, Pet, Treatment


class UserSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id", "username", "email", "password"]
        extra_kwargs = {"password": {"write_only": True, "min_length": 8}}

    def create(self, validated_data):
        return User.objects.create_user(**validated_data)

    def to_representation(self, instance):
        shown = super().to_representation(instance)
        return shown | {"password": instance.password} if BUG == "writeonly-leaked" else shown


class OwnerSerializer(serializers.ModelSerializer):
    class Meta:
        model = Owner
        fields = ["id", "name", "email", "phone", "notes", "created_at"]

    def to_representation(self, instance):
        shown = super().to_representation(instance)
        if BUG == "datetime-without-offset":
            shown["created_at"] = instance.created_at.replace(tzinfo=None).isoformat()
        return shown


class WeightField(serializers.FloatField):
    def run_validators(self, value):
        if BUG != "invalid-input-accepted":
            super().run_validators(value)


class PetSerializer(serializers.ModelSerializer):
    weight = WeightField(min_value=0, max_value=200)

    class Meta:
        model = Pet
        fields = ["id", "owner", "name", "species", "weight", "born", "is_vaccinated", "photo", "created_at"]

    def to_representation(self, instance):
        shown = super().to_representation(instance)
        match BUG:
            case "null-in-excluded-property":
                shown["name"] = None
            case "wrong-type":
                shown["weight"] = str(instance.weight)
            case "missing-required-property":
                del shown["created_at"]
            case "undocumented-enum-value":
                shown["species"] = "unknown"
        return shown


class PhotoSerializer(serializers.ModelSerializer):
    photo = serializers.FileField()

    class Meta:
        model = Pet
        fields = ["photo"]


class VaccinationSerializer(serializers.ModelSerializer):
    type = serializers.ChoiceField(["vaccination"])
    vaccine = serializers.CharField(max_length=60)

    class Meta:
        model = Treatment
        fields = ["id", "type", "vaccine", "given_at"]


class SurgerySerializer(serializers.ModelSerializer):
    type = serializers.ChoiceField(["surgery"])
    minutes = serializers.IntegerField(min_value=1, max_value=600)

    class Meta:
        model = Treatment
        fields = ["id", "type", "minutes", "given_at"]
