# One image; the stage is the argument, so that every stage of an installation is of one build.
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
RUN mvn -q -B -Dfast -Dmaven.test.skip=true -pl services/runner -am package

FROM eclipse-temurin:25-jre
RUN useradd --system --uid 10001 --home-dir /data prefstream && mkdir /data && chown prefstream /data
COPY --from=build /src/services/runner/target/fast/prefstream-runner-0.1.0-SNAPSHOT.jar /app/
COPY --from=build /src/services/runner/target/fast/lib /app/lib
USER 10001
VOLUME /data
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "--enable-native-access=ALL-UNNAMED", \
  "--sun-misc-unsafe-memory-access=allow", "-cp", "/app/prefstream-runner-0.1.0-SNAPSHOT.jar:/app/lib/*", \
  "io.prefstream.runner.command.Prefstream"]
CMD ["--help"]
