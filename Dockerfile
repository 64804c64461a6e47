# Two stages: build with the SDK, run on the ASP.NET runtime as a user without rights, with a read-only root:
#   docker build -t bellwether .
#   docker run --read-only --tmpfs /tmp -v bellwether:/data -p 5080:5080 bellwether
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
# Packages come in the versions of the lock files; only the framework's own (blazor.web.js) follow the SDK of the image, which is
# why the restore is not in locked mode here.
RUN dotnet publish src/Bellwether.Server -c Release -o /app -p:RestoreLockedMode=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# The image's own unprivileged user. A new named volume takes owner and rights of this folder; a folder of the host that is
# mounted instead must belong to that user (id 1654).
RUN mkdir /data && chown $APP_UID /data
WORKDIR /app
COPY --from=build /app .
USER $APP_UID
ENV Bellwether__DataDirectory=/data \
    ASPNETCORE_HTTP_PORTS= \
    DOTNET_EnableDiagnostics=0
VOLUME /data
EXPOSE 5080 4317 4318
STOPSIGNAL SIGTERM
ENTRYPOINT ["dotnet", "bellwether-server.dll", "--urls", "http://0.0.0.0:5080"]
