// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours is built with these; `make lint` and the layering test hold the rest of DESIGN section 7.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")

let package = Package(
    name: "gatehouse",
    products: [
        .executable(name: "gatehouse", targets: ["gatehouse"]),
        // The decision engine by itself, for programs that decide in their own process.
        .library(name: "Access", targets: ["Access"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams.git", "6.0.0"..<"7.0.0"),
    ],
    targets: [
        // System libraries and embedded data.
        .systemLibrary(name: "CSodium", path: "Sources/CSodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CCrypt", path: "Sources/CCrypt", providers: [.apt(["libcrypt-dev"])]),
        .systemLibrary(name: "CZlib", path: "Sources/CZlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CPostgres", path: "Sources/CPostgres", providers: [.apt(["libpq-dev"])]),
        .target(name: "CAssets", path: "Sources/CAssets", linkerSettings: [.linkedLibrary("z")]),

        // The floors, lowest first; each may import those above it in this list, never below.
        .target(name: "Model", swiftSettings: strict),
        .target(name: "Access", swiftSettings: strict, linkerSettings: [.linkedLibrary("m")]),
        .target(
            name: "Storage",
            dependencies: [
                "Access", "Model", "CPostgres", "CZlib", crypto, cryptoExtras, .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict),
        .target(name: "Audit", dependencies: ["Storage", "Model", crypto], swiftSettings: strict),
        .target(
            name: "Grants",
            dependencies: ["Audit", "Storage", "Access", "Model", crypto, .product(name: "Yams", package: "Yams")],
            swiftSettings: strict),
        .target(
            name: "Authentication",
            dependencies: [
                "Grants", "Audit", "Storage", "Access", "Model", "CSodium", "CCrypt", "CAssets", crypto, cryptoExtras,
            ],
            exclude: ["Data"],
            swiftSettings: strict),
        .target(
            name: "Directory",
            dependencies: ["Authentication", "Grants", "Audit", "Storage", "Access", "Model", crypto],
            swiftSettings: strict),
        .target(
            name: "Web",
            dependencies: [
                "Authentication", "Model", crypto, hummingbird, httpTypes, nioCore, logging,
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict),
        .target(
            name: "API",
            dependencies: [
                "Web", "Directory", "Authentication", "Grants", "Audit", "Access", "Model", "CAssets", hummingbird,
                httpTypes, nioCore,
            ],
            exclude: ["openapi.yaml"],
            swiftSettings: strict),
        .target(
            name: "Decisions",
            dependencies: ["Web", "Grants", "Access", "Model", hummingbird, httpTypes, nioCore], swiftSettings: strict),
        .target(
            name: "Console",
            dependencies: [
                "Web", "Directory", "Authentication", "Grants", "Audit", "Access", "Model", "CAssets", crypto,
                hummingbird, httpTypes, nioCore,
            ],
            exclude: ["Assets"],
            swiftSettings: strict),
        .target(
            name: "Server",
            dependencies: [
                "Console", "API", "Decisions", "Web", "Directory", "Authentication", "Grants", "Audit", "Storage", "Access",
                "Model", crypto, hummingbird, httpTypes, nioCore, logging,
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdHTTP2", package: "hummingbird"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOCertificateReloading", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "gatehouse",
            dependencies: [
                "Server", "Model", nioCore,
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        .testTarget(
            name: "GatehouseTests",
            dependencies: [
                "gatehouse", "Server", "Console", "API", "Decisions", "Web", "Directory", "Authentication", "Grants", "Audit",
                "Storage",
                "Access", "Model", crypto, hummingbird, httpTypes, nioCore, logging,
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Yams", package: "Yams"),
            ],
            path: "Tests/GatehouseTests",
            swiftSettings: strict),
    ]
)
