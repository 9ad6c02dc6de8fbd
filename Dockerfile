# docdouble as an image:  docker build -t docdouble . && docker run --init -p 127.0.0.1:4010:4010 -v "$PWD:/api:ro" docdouble serve /api/openapi.yaml --host 0.0.0.0
# Alpine, as Debian has 75 MB more before anything is installed; all dependencies have wheels for it.
FROM python:3.13-alpine AS build
# hadolint ignore=DL3018
RUN apk add --no-cache binutils
COPY . /source
# at the end it is tried, which compiles the modules that a start imports, and no others
RUN python -m venv /opt/docdouble && /opt/docdouble/bin/pip install --no-cache-dir --no-compile "/source[codings,redis,tls]" \
    && /opt/docdouble/bin/pip uninstall -q -y pip \
    && find /opt/docdouble \( -name tests -o -name __pycache__ \) -type d -prune -exec rm -r {} + \
    && find /opt/docdouble -name '*.so*' -type f -exec strip --strip-unneeded {} + \
    && /opt/docdouble/bin/docdouble verify superoffice --fail-on warning

FROM python:3.13-alpine
COPY --from=build /opt/docdouble /opt/docdouble
ENV PATH="/opt/docdouble/bin:$PATH" PYTHONDONTWRITEBYTECODE=1
RUN adduser -D -u 1000 docdouble
USER 1000
WORKDIR /home/docdouble
EXPOSE 4010
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:4010/openapi.json')"]
ENTRYPOINT ["docdouble"]
CMD ["serve", "superoffice", "--host", "0.0.0.0"]
