import Crypto
import Foundation
import Model
@testable import Storage
import Testing

@Suite struct KeyringTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    static func isDamaged(_ error: StorageError?) -> Bool {
        if case .damaged? = error { true } else { false }
    }

    @Test(arguments: [[], [1], Array(repeating: 7, count: 1000)] as [[UInt8]])
    func `what was sealed is opened again`(secret: [UInt8]) throws {
        let keyring = Keyring(master: SymmetricKey(size: .bits256))
        let sealed = try keyring.seal(secret, name: "cursor key")
        #expect(try keyring.open(sealed, name: "cursor key") == secret)
        #expect(try keyring.seal(secret, name: "cursor key") != sealed, "no nonce is used twice")
    }

    @Test func `one secret cannot stand in for another`() throws {
        let keyring = Keyring(master: SymmetricKey(size: .bits256))
        let sealed = try keyring.seal([1, 2, 3], name: "cursor key")
        #expect(Self.isDamaged(#expect(throws: StorageError.self) { try keyring.open(sealed, name: "signing key") }))
    }

    @Test func `another key opens nothing`() throws {
        let sealed = try Keyring(master: SymmetricKey(size: .bits256)).seal([1, 2, 3], name: "a")
        let other = Keyring(master: SymmetricKey(size: .bits256))
        #expect(Self.isDamaged(#expect(throws: StorageError.self) { try other.open(sealed, name: "a") }))
    }

    @Test func `one changed bit anywhere is found`() throws {
        let keyring = Keyring(master: SymmetricKey(size: .bits256))
        let sealed = try #require(Base64URL.decode(try keyring.seal([1, 2, 3], name: "a")))
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: StorageError.self) { try keyring.open(Base64URL.encode(changed), name: "a") }
        }
        for bad in ["", "x", "!!!!", Base64URL.encode(sealed.dropLast())] {
            #expect(throws: StorageError.self) { try keyring.open(bad, name: "a") }
        }
    }

    @Test func `the key file is made once, for its owner only, and read again`() throws {
        let path = folder.file("gatehouse.key")
        let first = try Keyring(file: path)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(Base64URL.decode(text.trimmingCharacters(in: .newlines))?.count == 32)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let sealed = try first.seal([9], name: "a")
        #expect(try Keyring(file: path).open(sealed, name: "a") == [9])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }

    @Test func `two key files hold different keys`() throws {
        _ = try Keyring(file: folder.file("a"))
        _ = try Keyring(file: folder.file("b"))
        #expect(
            try String(contentsOfFile: folder.file("a"), encoding: .utf8)
                != String(contentsOfFile: folder.file("b"), encoding: .utf8))
    }

    @Test(arguments: [
        "", "\n", "short", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "not base64 at all, whatever its length may be !!",
    ])
    func `a key file that holds no key is refused and left as it is`(text: String) throws {
        let path = try folder.write(text, to: "gatehouse.key")
        #expect(Self.isDamaged(#expect(throws: StorageError.self) { try Keyring(file: path) }))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }

    @Test func `spaces and line ends around the key do no harm`() throws {
        let first = try Keyring(file: folder.file("a"))
        let text = try String(contentsOfFile: folder.file("a"), encoding: .utf8)
        let second = try Keyring(file: try folder.write("  " + text + "\r\n\n", to: "b"))
        #expect(try second.open(try first.seal([1], name: "a"), name: "a") == [1])
    }

    @Test func `a key file in a folder that is not there is a failure`() {
        #expect(throws: StorageError.self) { try Keyring(file: folder.file("absent/gatehouse.key")) }
    }

    // MARK: Stored secrets

    @Test func `a stored secret is made once, also when many ask at once, and never lies open`() async throws {
        let database = try Engine.sqlite.open(in: folder)
        let keyring = Keyring(master: SymmetricKey(size: .bits256))
        let clock = ManualClock()
        let answers = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<20 {
                group.addTask { try await keyring.secret("key", in: database, clock: clock) { randomBytes(32) } }
            }
            return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }
        #expect(answers.count == 1)
        let secret = try #require(answers.first)
        let rows = try await database.read {
            try $0.rows(Statement("SELECT name, sealed, created_at FROM sealed_secret")) {
                ($0.text(0), $0.text(1), $0.integer(2))
            }
        }
        #expect(rows.count == 1)
        #expect(rows.first?.0 == "key" && rows.first?.2 == clock.now().milliseconds)
        #expect(rows.first?.1.contains(Base64URL.encode(secret)) == false)
        let other = Keyring(master: SymmetricKey(size: .bits256))
        await #expect(throws: StorageError.self) { try await other.secret("key", in: database, clock: clock) { [1] } }
        #expect(try await keyring.secret("other", in: database, clock: clock) { [1] } == [1])
        await database.close()
    }
}
