# One image for every part; its steps are the Makefile's, so a container and a checkout are set up alike.
FROM python:3.12-slim-bookworm AS made
RUN apt-get update \
 && apt-get install -y --no-install-recommends make gcc libc6-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /baton
# The locked requirements first: they change seldom and take long.
COPY Makefile requirements.lock ./
RUN make .venv/locked
COPY . .
RUN make .venv/baton

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /baton baton
WORKDIR /baton
COPY --from=made --chown=root:root /baton /baton
ENV PATH=/baton/.venv/bin:$PATH PYTHONUNBUFFERED=1 BATON_LOG_FORMAT=json
USER baton
# Which part it is says the command: api, worker, migrate, deploy.
ENTRYPOINT ["baton"]
CMD ["--help"]
