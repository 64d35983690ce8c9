# Pooler in a container: docker build -t pooler .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
# Puts Akka.NET's packages into the cache where the feed carries them; the build takes its own stand-in otherwise.
RUN eng/fetch-akka && dotnet publish src/Pooler.Host -c Release -o /app

# The hosting libraries come from the shared framework of ASP.NET Core.
FROM mcr.microsoft.com/dotnet/aspnet:10.0
RUN groupadd --system pooler && useradd --system --gid pooler --no-create-home pooler
COPY --from=build /app /opt/pooler
RUN ln -s /opt/pooler/pooler /usr/local/bin/pooler
USER pooler
EXPOSE 6432
ENTRYPOINT ["/usr/local/bin/pooler"]
CMD ["/etc/pgbouncer/pgbouncer.ini"]
