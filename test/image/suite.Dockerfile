# The image with what the tests need on top: see TEST_NEEDS in src/setup.mjs.
ARG BASE_IMAGE
FROM ${BASE_IMAGE}
USER root
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        chromium git iproute2 libnginx-mod-rtmp nginx openssl procps prometheus redis-server \
    && rm -rf /var/lib/apt/lists/*
