# One image for every process; docker-compose.yml says which one it runs.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 SPINDEL_DATA=/data
WORKDIR /app

COPY requirements.txt ./
RUN pip install --require-hashes -r requirements.txt

COPY . .
# The key is for these two commands only: neither signs anything.
RUN SPINDEL_SECRET_KEY=build SPINDEL_JOURNAL_KEY=build python -m itsm.translations \
 && SPINDEL_SECRET_KEY=build SPINDEL_JOURNAL_KEY=build python manage.py collectstatic --noinput \
 && useradd --system --home-dir /data --create-home spindel

USER spindel
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "itsm.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload"]
