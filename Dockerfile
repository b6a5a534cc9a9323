# The product: one image for web server, worker, beat, watch and migrations. `stripe-double` is for trying
# it without Stripe; nothing of it is in the product's image.

FROM python:3.12.14-slim-trixie AS dependencies
WORKDIR /build
COPY requirements/base.txt .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes \
        --only-binary=:all: -r base.txt \
    && /venv/bin/pip check

FROM python:3.12.14-slim-trixie AS runtime
RUN groupadd --system --gid 10001 giftshop \
    && useradd --system --uid 10001 --gid giftshop --no-create-home --home-dir /nonexistent giftshop \
    && install -d -o giftshop -g giftshop /var/lib/giftshop /var/lib/giftshop/pictures
WORKDIR /app
COPY --from=dependencies /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/app/collected

FROM runtime AS stripe-double
COPY sandbox sandbox
USER giftshop
EXPOSE 12111
CMD ["python", "-m", "sandbox.stripe_double", "--port", "12111"]

FROM runtime AS product
COPY manage.py ./
COPY giftshop giftshop
COPY redemption redemption
COPY brands brands
COPY core core
COPY campaigns campaigns
COPY templates templates
COPY static static
COPY locale locale
# Collecting files needs settings that hold, not services that answer: these keys stay in this one step.
RUN key() { python -c 'import secrets; print(secrets.token_hex(32))'; } \
    && SECRET_KEY="$(key)" CODE_PEPPERS="1:$(key)" CODE_ENCRYPTION_KEYS="1:$(key)" PIN_PEPPERS="1:$(key)" \
       BASE_URL=https://build.invalid DATABASE_URL=postgresql://build@build.invalid/build \
       REDIS_URL=redis://build.invalid/0 EMAIL_URL=smtp://build.invalid \
       STRIPE_SECRET_KEY="sk_test_$(key)" STRIPE_WEBHOOK_SECRET="whsec_$(key)" \
       python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q giftshop redemption campaigns core brands
USER giftshop
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", \
     "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", \
     "giftshop.wsgi:application"]
