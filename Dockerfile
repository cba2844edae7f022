# Node 20 on Debian 13 or newer: the current uWebSockets.js needs glibc 2.38, and Debian 12 has not.
ARG BASE_IMAGE=node:20-trixie-slim

FROM ${BASE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY workers ./workers
COPY src ./src
RUN npm run build && npm prune --omit=dev --ignore-scripts && node src/slim.mjs \
    && find dist -name '*.map' -delete && rm dist/.tsbuildinfo

FROM ${BASE_IMAGE}
# The shipped fonts cover Latin, Greek, Cyrillic and emoji; those of Debian add the rest of the world, but for the bold
# Chinese, Japanese and Korean with serifs, which take 27 MB. FFmpeg is linked with what draws windows and speaks: what
# that would load (Mesa, LLVM, keyboards, voices), 220 MB, is asked for by nothing here.
RUN printf 'path-exclude=/usr/%s\n' \
        'lib/*/libLLVM*' 'lib/*/libgallium*' 'lib/*/libz3*' 'lib/*/libhwy_contrib*' \
        'lib/*/libflite_cmu_time_awb*' 'lib/*/libflite_cmu_grapheme*' \
        'share/X11/*' 'share/mime/packages/*' 'share/fonts/*/NotoSerifCJK-Bold*' \
        > /etc/dpkg/dpkg.cfg.d/stream-manager \
    && apt-get update \
    && apt-get install -y --no-install-recommends ffmpeg fonts-dejavu-core fonts-noto-cjk fonts-noto-core tini \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/lib/dpkg/*-old /var/log/*.log /var/log/apt \
    && install -d -o node -g node /data
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 RTMP_PORT=1935 DATA_DIR=/data XDG_CACHE_HOME=/tmp
# glibc gives large blocks back to the system with these; see src/core/allocator.ts.
ENV MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=1048576 MALLOC_TRIM_THRESHOLD_=1048576
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER node
VOLUME /data
EXPOSE 3000 1935
HEALTHCHECK --interval=10s --timeout=3s --retries=5 \
    CMD node -e "fetch('http://127.0.0.1:' + process.env.PORT + '/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
# tini hands signals on and buries the processes that FFmpeg leaves behind.
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["node", "dist/src/main.js"]
