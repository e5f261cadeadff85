// swift-tools-version: 6.2
import PackageDescription

// What Gatehouse is measured beside and with. A package of its own, so that nobody who builds the server builds this.
let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
    ],
    targets: [
        .executableTarget(
            name: "bare",
            dependencies: [
                .product(name: "Hummingbird", package: "hummingbird"), .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6)]),
        // The decision engine's own sources, by a link: they import nothing.
        .target(
            name: "Access", swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("InternalImportsByDefault")],
            linkerSettings: [.linkedLibrary("m")]),
        .executableTarget(name: "decisions", dependencies: ["Access"], swiftSettings: [.swiftLanguageMode(.v6)]),
        .executableTarget(name: "argon2rate", linkerSettings: [.linkedLibrary("sodium"), .linkedLibrary("pthread")]),
        .executableTarget(name: "httprate"),
        .executableTarget(name: "syncrate"),
        .executableTarget(
            name: "ldaprate",
            linkerSettings: [.linkedLibrary("ldap"), .linkedLibrary("lber"), .linkedLibrary("pthread")]),
    ]
)
