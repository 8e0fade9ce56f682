"""What the checks ask: a page, a slow one, and one that fails."""

import logging
import time

from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.urls import path

logger = logging.getLogger(__name__)


def home(request: HttpRequest) -> HttpResponse:
    """Asks the database, and logs once."""
    logger.info("counted", extra={"groups": Group.objects.count()})
    return HttpResponse("home")


def slow(request: HttpRequest) -> HttpResponse:
    """Takes its time, so that a shutdown finds it under way."""
    time.sleep(3)
    return HttpResponse("done")


def broken(request: HttpRequest) -> HttpResponse:
    """Fails, with two lines in its message."""
    raise RuntimeError("first line\nsecond line")


urlpatterns = [path("", home), path("slow/", slow), path("broken/", broken)]
