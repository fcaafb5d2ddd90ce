"""What gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
application = get_wsgi_application()

# What has been loaded stays: the collector need not walk it again and again (a tenth of a page's time), and workers
# forked from here go on sharing its memory. A page makes some 10,000 objects, nearly none of them in cycles.
gc.collect()
gc.freeze()
gc.set_threshold(25_000, 20, 50)
