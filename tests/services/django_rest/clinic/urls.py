"""Paths of the clinic."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.authtoken.views import obtain_auth_token
from rest_framework.routers import DefaultRouter

from .views import OwnerViewSet, PetViewSet, TreatmentView, UserCreateView

router = DefaultRouter()
router.register("owners", OwnerViewSet)
router.register("pets", PetViewSet)

urlpatterns = [
    path("api/schema/", SpectacularAPIView.as_view()),
    path("api/token/", obtain_auth_token),
    path("api/users/", UserCreateView.as_view()),
    path("api/pets/<uuid:pk>/treatments/", TreatmentView.as_view()),
    path("api/", include(router.urls)),
]
