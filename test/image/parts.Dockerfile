# Debian's Redis and Prometheus, in place of the images that docker-compose.yml names.
ARG BASE_IMAGE
FROM ${BASE_IMAGE}
RUN apt-get update \
    && apt-get install -y --no-install-recommends redis-server prometheus \
    && rm -rf /var/lib/apt/lists/*
