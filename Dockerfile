# syntax=docker/dockerfile:1
# The `reverify` command as one static program, for runs where there is no Rust.
#
#   docker build -t reverify .
#   docker run --rm -v "$PWD:/home/reverify" --user "$(id -u)" reverify run -T staging

# On Alpine, Rust links statically by itself.
FROM rust:1.95-alpine AS build
# aws-lc and SQLite are compiled from C.
# hadolint ignore=DL3018
RUN apk add --no-cache build-base cmake linux-headers perl
WORKDIR /build
COPY . .
RUN cargo build --release --locked --bin reverify \
    && strip target/release/reverify -o /reverify \
    && /reverify --version

# Nothing but the program and the authorities that AWS and mail servers are verified with.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /reverify /usr/local/bin/reverify
# Triggers, records and reports are written below the folder that is mounted here.
WORKDIR /home/reverify
ENV HOME=/home/reverify
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/reverify"]
CMD ["--help"]
