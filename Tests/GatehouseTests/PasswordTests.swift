@testable import Authentication
import Foundation
import Model
import Storage
import Testing

@Suite struct PasswordPolicyTests {
    static func codes(_ password: String, username: String = "ann", name: String? = nil, email: String? = nil) -> [String] {
        PasswordPolicy.problems(with: password, username: username, name: name, email: email).map(\.code)
    }

    @Test(arguments: [
        ("seventeen purple lanterns", []), ("", ["too_short"]), ("fourteen chars", ["too_short"]), ("fifteen chars..", []),
        // Characters count, not bytes.
        ("\u{e4}\u{f6}\u{fc}\u{e4}\u{f6}\u{fc}\u{e9}", ["too_short"]),
        ("\u{e4}\u{f6}\u{fc}\u{df}\u{e9}\u{e8}\u{ea}\u{e0}\u{e2}\u{f4}\u{fb}\u{ee}\u{ef}\u{f1}\u{e7}", []),
        // After NFC: fifteen letters with an accent each are thirty scalars as typed and fifteen as counted.
        (
            "u\u{308}o\u{308}a\u{308}e\u{301}i\u{301}u\u{308}o\u{308}a\u{308}e\u{301}i\u{301}u\u{300}o\u{300}a\u{300}e\u{300}",
            ["too_short"]
        ),
        (String(repeating: "ab cd ef ", count: 28) + "1234", []), (String(repeating: "ab cd ef ", count: 29), ["too_long"]),
        (String(repeating: "x", count: 100_000), ["too_long"]),
        // No composition rules.
        ("alllowercaseletters", []), ("               1", []),
        // Listed, repeated, or one character over and over.
        ("1234567890987654321", ["common"]), ("1QAZ2WSX3EDC4RFV", ["common"]), ("dragondragondragon", ["common"]),
        ("DragonDRAGONdragon", ["common"]), ("aaaaaaaaaaaaaaaaaaaa", ["common"]), ("letmeinletmeinletmein", ["common"]),
        ("dragondragondrago", []), ("!!dragon!!123456789", ["common"]), ("abcdefghijklmnopqrst", ["common"]),
        ("1234567890123456", ["common"]), ("ponmlkjihgfedcba", ["common"]), ("password", ["too_short", "common"]),
        // The product.
        ("the GateHouse keeper", ["contains_product"]),
    ])
    func `a password is judged by its length, the list and the product`(password: String, codes: [String]) {
        #expect(Self.codes(password) == codes)
    }

    @Test(
        arguments: [
            ("lanterns of Annabel", "annabel", nil, ["contains_username"]),
            ("lanterns of ANNABEL", "AnnaBel", nil, ["contains_username"]),
            ("lanterns for everybody", "an", nil, []), ("lanterns of ann berg", "ab", "ann@acme.example", ["contains_email"]),
            ("lanterns of ann berg", "ann", "ann@acme.example", ["contains_username"]),
            ("lanterns of acme.example", "ab", "ann@acme.example", []),
            ("lanterns of j.doe 1970", "jd", "J.Doe@acme.example", ["contains_email"]),
            ("many purple lanterns", "ab", "an@acme.example", []), ("many purple lanterns", "ab", "", []),
            ("many purple lanterns", "ab", "@", []),
        ] as [(String, String, String?, [String])])
    func `a password must not name its owner`(password: String, username: String, email: String?, codes: [String]) {
        #expect(Self.codes(password, username: username, email: email) == codes)
    }

    @Test func `all that is wrong is said at once, under the field asked for`() {
        let problems = PasswordPolicy.problems(with: "ann", field: "newPassword", username: "ann")
        #expect(
            problems.map(\.code) == ["too_short", "contains_username"]
                || problems.map(\.code) == ["too_short", "common", "contains_username"])
        #expect(problems.allSatisfy { $0.field == "newPassword" && !$0.message.isEmpty })
    }

    @Test func `no message repeats the password`() {
        for password in ["dragondragondragon", "short pw", "the gatehouse keeper"] {
            for problem in PasswordPolicy.problems(with: password, username: "ann") {
                #expect(!problem.message.contains(password))
            }
        }
    }

    @Test func `the list is sorted and every line of it is found`() throws {
        let lines = try Repository.text(of: "Sources/Authentication/Data/common-passwords.txt").split(separator: "\n").map(
            String.init)
        #expect(lines.count > 10_000)
        let keys = lines.map { Array($0.utf8) }
        #expect(zip(keys, keys.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) }, "sorted by bytes, no line twice")
        for (index, line) in lines.enumerated() where index % 97 == 0 || index < 3 || index > lines.count - 3 {
            #expect(CommonPasswords.isCommon(line), "\(line)")
        }
    }

    @Test(arguments: [
        "", "\n", "no such password is listed", "seventeen purple", "\u{0}", "\u{FFFF}", "123456\n1234567",
    ])
    func `what is not listed is not found`(word: String) {
        #expect(!CommonPasswords.isCommon(word))
    }

    @Test func `the list is in lower case, as it is searched`() throws {
        let text = try Repository.text(of: "Sources/Authentication/Data/common-passwords.txt")
        #expect(text.utf8.allSatisfy { !(65...90).contains($0) })
    }
}

@Suite struct PasswordHasherTests {
    static func cheap(passes: UInt64 = 1, memory: Int = 8192, threads: Int = 2, waiting: Int = 64) -> PasswordHasher {
        PasswordHasher(cost: .init(passes: passes, memory: memory), threads: threads, waiting: waiting)
    }

    @Test func `the right password verifies and any other does not`() async throws {
        let hasher = Self.cheap()
        defer { hasher.end() }
        let stored = try await hasher.hash("seventeen purple lanterns")
        #expect(stored.hasPrefix("$argon2id$v=19$m=8,t=1,p=1$"))
        #expect(try await hasher.verify("seventeen purple lanterns", against: stored))
        for wrong in [
            "", "seventeen purple lantern", "Seventeen purple lanterns", "seventeen purple lanterns ",
            "seventeen purple lanterns\u{0}",
        ] {
            #expect(try await !hasher.verify(wrong, against: stored), "\(wrong)")
        }
    }

    @Test func `one password hashed twice gives two hashes`() async throws {
        let hasher = Self.cheap()
        defer { hasher.end() }
        let one = try await hasher.hash("seventeen purple lanterns")
        let other = try await hasher.hash("seventeen purple lanterns")
        #expect(one != other)
    }

    @Test(arguments: [("caf\u{e9} au lait", "cafe\u{301} au lait"), ("\u{212B}ngstrom", "A\u{30A}ngstrom")])
    func `composed and decomposed spelling are the same password`(one: String, other: String) async throws {
        let hasher = Self.cheap()
        defer { hasher.end() }
        #expect(Array(one.utf8) != Array(other.utf8))
        let stored = try await hasher.hash(one)
        #expect(try await hasher.verify(other, against: stored))
        #expect(PasswordPolicy.normalized(one) == PasswordPolicy.normalized(other))
    }

    @Test func `letters that only look alike are different passwords`() async throws {
        let hasher = Self.cheap()
        defer { hasher.end() }
        // NFC, not NFKC: the ligature stays what was typed.
        let stored = try await hasher.hash("\u{FB01}fteen lanterns")
        #expect(try await !hasher.verify("fifteen lanterns", against: stored))
    }

    @Test func `NUL does not end a password`() async throws {
        let hasher = Self.cheap()
        defer { hasher.end() }
        let stored = try await hasher.hash("before\u{0}after")
        #expect(try await hasher.verify("before\u{0}after", against: stored))
        #expect(try await !hasher.verify("before", against: stored))
        #expect(try await !hasher.verify("before\u{0}other", against: stored))
    }

    @Test func `an empty password can be hashed and compared`() async throws {
        let hasher = Self.cheap()
        defer { hasher.end() }
        let stored = try await hasher.hash("")
        #expect(try await hasher.verify("", against: stored))
        #expect(try await !hasher.verify("x", against: stored))
    }

    @Test func `nobody's password is never right`() async throws {
        let hasher = Self.cheap()
        defer { hasher.end() }
        #expect(try await !hasher.verify("", against: nil))
        #expect(try await !hasher.verify("seventeen purple lanterns", against: nil))
    }

    @Test(arguments: ["", "x", "$argon2id$", "$2b$10$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=8,t=1,p=1$!!$!!"])
    func `what is no hash matches nothing`(stored: String) async throws {
        let hasher = Self.cheap()
        defer { hasher.end() }
        #expect(try await !hasher.verify("", against: stored))
        #expect(hasher.needsRehash(stored))
    }

    @Test func `a hash made with other work is due for renewal and still verifies`() async throws {
        let weak = Self.cheap()
        let strong = Self.cheap(passes: 2, memory: 16_384)
        defer {
            weak.end()
            strong.end()
        }
        let stored = try await weak.hash("seventeen purple lanterns")
        #expect(!weak.needsRehash(stored))
        #expect(strong.needsRehash(stored))
        #expect(try await strong.verify("seventeen purple lanterns", against: stored))
    }

    @Test func `the standard work is what the guidance asks for`() {
        #expect(PasswordHasher.Cost.standard.memory >= 19 << 20)
        #expect(PasswordHasher.Cost.standard.passes >= 2)
    }

    @Test func `an unknown name costs the same work as a known one`() async throws {
        let hasher = Self.cheap(passes: 3, memory: 4 << 20, threads: 1)
        defer { hasher.end() }
        let stored = try await hasher.hash("seventeen purple lanterns")
        _ = try await hasher.verify("x", against: nil)
        // In turns, so that a busy machine slows both; the fastest of each is what the work takes.
        var known = Duration.seconds(100)
        var unknown = known
        func measure(_ stored: String?) async throws -> Duration {
            let clock = ContinuousClock()
            let start = clock.now
            _ = try await hasher.verify("another password", against: stored)
            return start.duration(to: clock.now)
        }
        for _ in 0..<12 {
            known = min(known, try await measure(stored))
            unknown = min(unknown, try await measure(nil))
        }
        // A dummy that was skipped would be hundreds of times faster.
        #expect(unknown * 10 > known && known * 10 > unknown, "known \(known), unknown \(unknown)")
    }

    @Test func `beyond the queue the answer is overloaded at once, and the queued ones are served`() async throws {
        let hasher = Self.cheap(passes: 4, memory: 4 << 20, threads: 1, waiting: 3)
        defer { hasher.end() }
        let outcomes = await withTaskGroup(of: ServiceError?.self) { group in
            for _ in 0..<40 {
                group.addTask { await refusal { try await hasher.hash("seventeen purple lanterns") } }
            }
            var all: [ServiceError?] = []
            for await outcome in group { all.append(outcome) }
            return all
        }
        let served = outcomes.filter { $0 == nil }.count
        let refused = outcomes.filter { $0 == .overloaded(retryAfterSeconds: 1) }.count
        #expect(served + refused == 40)
        #expect(served >= 3 && refused >= 1, "served \(served), refused \(refused)")
        #expect(hasher.load.waiting == 0)
        #expect(try await hasher.verify("x", against: nil) == false, "it goes on serving")
    }
}
