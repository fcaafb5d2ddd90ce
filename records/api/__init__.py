"""Records of any kind and the search box over REST."""

from records.api import own
from records.api.records import Records
from records.api.search import Search

ROUTES = [("records", Records, "record-api"), ("search", Search, "search-api"), *own.ROUTES]
