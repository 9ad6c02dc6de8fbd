"""The clinic's resources."""

from django.db import DataError
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema, extend_schema_view
from rest_framework import generics, permissions, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from .bugs import BUG
from .models import Owner, Pet
from .serializers import (
    OwnerSerializer,
    PetSerializer,
    PhotoSerializer,
    SurgerySerializer,
    UserSerializer,
    VaccinationSerializer,
)


class UserCreateView(generics.CreateAPIView):
    serializer_class = UserSerializer
    permission_classes = [permissions.AllowAny]


class OwnerViewSet(viewsets.ModelViewSet):
    queryset = Owner.objects.all()
    serializer_class = OwnerSerializer

    def get_permissions(self):
        is_open = BUG == "auth-not-required" and self.action == "create" and not hasattr(self, "swagger_fake_view")
        return [permissions.AllowAny()] if is_open else super().get_permissions()

    def create(self, request, *args, **kwargs):
        response = super().create(request, *args, **kwargs)
        if BUG == "wrong-success-status":
            response.status_code = 200
        return response

    def perform_create(self, serializer):
        if BUG == "crash-on-long-text" and len(serializer.validated_data.get("notes", "")) > 200:
            raise DataError("value too long for type character varying(200)")
        if BUG == "field-lost-on-create":
            serializer.save(phone=None)
        else:
            serializer.save()


@extend_schema_view(list=extend_schema(parameters=[OpenApiParameter("name", str), OpenApiParameter("owner", int)]))
class PetViewSet(viewsets.ModelViewSet):
    queryset = Pet.objects.all()
    serializer_class = PetSerializer

    def get_queryset(self):
        pets = super().get_queryset()
        name, owner = self.request.query_params.get("name"), self.request.query_params.get("owner")
        if name and BUG == "crash-on-quote-or-percent":
            pets = pets.extra(where=[f"name = '{name}'"])
        elif name:
            pets = pets.filter(name=name)
        if owner:
            try:
                pets = pets.filter(owner_id=int(owner))
            except ValueError as error:
                raise ValidationError({"owner": "A valid integer is required."}) from error
        return pets

    def perform_update(self, serializer):
        if not (BUG == "put-not-stored" and self.request.method == "PUT"):
            serializer.save()
            return
        for name, value in serializer.validated_data.items():
            setattr(serializer.instance, name, value)

    def perform_destroy(self, instance):
        if BUG != "delete-does-nothing":
            instance.delete()

    @extend_schema(request=PhotoSerializer, responses=PhotoSerializer)
    @action(detail=True, methods=["put"], parser_classes=[MultiPartParser])
    def photo(self, request, pk=None):
        serializer = PhotoSerializer(self.get_object(), data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)


TREATMENTS = {"vaccination": VaccinationSerializer, "surgery": SurgerySerializer}
TREATMENT = PolymorphicProxySerializer(
    component_name="Treatment", serializers=TREATMENTS, resource_type_field_name="type", many=False
)


class TreatmentView(generics.GenericAPIView):
    queryset = Pet.objects.all()

    @extend_schema(request=TREATMENT, responses={201: TREATMENT})
    def post(self, request, pk):
        pet = self.get_object()
        kind = request.data.get("type") if isinstance(request.data, dict) else None
        if not isinstance(kind, str) or kind not in TREATMENTS:
            raise ValidationError({"type": "Not a valid choice."})
        serializer = TREATMENTS[kind](data=request.data)
        serializer.is_valid(raise_exception=True)
        serializer.save(pet=pet)
        return Response(serializer.data, status=201)
