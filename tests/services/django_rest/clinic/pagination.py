"""Pages of the clinic's lists."""

from rest_framework.pagination import PageNumberPagination

from .bugs import BUG


class ClinicPagination(PageNumberPagination):
    page_size_query_param = "page_size"
    max_page_size = 100

    def get_page_size(self, request):
        return 100 if BUG == "page-limit-ignored" else super().get_page_size(request)
