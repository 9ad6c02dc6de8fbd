# docdouble as an image:  docker build -t docdouble . && docker run --init -p 127.0.0.1:4010:4010 -v "$PWD:/api:ro" docdouble serve /api/openapi.yaml --host 0.0.0.0
FROM python:3.13 AS build
COPY . /source
RUN python -m venv /opt/docdouble && /opt/docdouble/bin/pip install --no-cache-dir "/source[codings,redis,tls]" \
    && find /opt/docdouble -name tests -type d -prune -exec rm -r {} + \
    && find /opt/docdouble -name '*.so*' -type f -exec strip --strip-unneeded {} + \
    && /opt/docdouble/bin/pip uninstall -q -y pip

FROM python:3.13-slim
COPY --from=build /opt/docdouble /opt/docdouble
ENV PATH="/opt/docdouble/bin:$PATH" PYTHONDONTWRITEBYTECODE=1
RUN useradd --create-home --uid 1000 docdouble
USER 1000
WORKDIR /home/docdouble
EXPOSE 4010
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:4010/openapi.json')"]
ENTRYPOINT ["docdouble"]
CMD ["serve", "superoffice", "--host", "0.0.0.0"]
