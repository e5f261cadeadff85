@testable import Authentication
import Model
import Testing

/// Hashes that other programs made: passlib 1.7.4 with bcrypt 4.0.1, argon2-cffi 25.1, Python's hashlib, and libsodium's own
/// `crypto_pwhash_scryptsalsa208sha256_str`.
@Suite struct StoredHashTests {
    static let plain = "correct horse battery"
    static let accented = "pässwörd ключ"

    /// Scheme, hash of `plain`, hash of `accented`.
    static let vectors: [(String, String, String)] = [
        (
            "bcrypt", "$2b$06$H8pBPZzSSY.FmcIEuCtjguZOI58cdVC..3YTCgSgpTJOzjDmAysK2",
            "$2b$06$rgAL3b9DkcfUolACHu8vr.w1nrZXFRvUGOow4BVthuH/2EZhdlyTS"
        ),
        (
            "bcrypt", "$2a$06$85JJAKbivD/plhBAWEmvsOkqnK1L8SHwkqI9adFc5.0fG98HFwaES",
            "$2a$06$d3lbNWYjHfFbfs7eq0MrXO710Wgs24//mOD99AHaHMGvoUQwe08kG"
        ),
        (
            "bcrypt", "$2y$06$bQsh217MXkTr.XzTOA6kCekMAopSyfDzeif288UHKxBkMDqhGOXwS",
            "$2y$06$AOtzF8VIxwn4BCSYjcZeKe2wWoPSzd9Tp2GbVlWoG7WfNo5kQTdxG"
        ),
        (
            "PBKDF2-SHA-256", "$pbkdf2-sha256$1200$99577/1fS2lNaW0N4dwbww$wpFsFbl3Q08zDIluRCGMr9RxE7YxsRSXN17ASePCFlQ",
            "$pbkdf2-sha256$1200$/Z/TWksJwbhXSgnhHEPoXQ$vd2ik8EXB2muQ3sJ/2wuD7tA1Jxwf.el26V8HOhUSq4"
        ),
        (
            "PBKDF2-SHA-512",
            "$pbkdf2-sha512$1200$MqaUspZSau1d691b613LGQ$z.0JZvPqTQomxmSd.Fsa1Vg9ifIS/3Sb.55TolEhMt0/0q7gJOX.IWKIBq3PrmTrG.nQSrI4ka//PRXgHpDVFw",
            "$pbkdf2-sha512$1200$ZMy5d24NYQwBAKAUAoBwTg$VWeDqqCxNo1ahJmCgjZE8.MZXCvSKvi8WYsHvgok/joJk6GsPsUUvbvhupz58vGgVBGoCttKDsKuWDzQmHf.oA"
        ),
        (
            "PBKDF2-SHA-1", "$pbkdf2$1200$xLgXovR.D6E0RojxPgfgnA$9SS3l5Ec0L1IZMf6.EuwfDjW.io",
            "$pbkdf2$1200$tVaqVaqVco5xTgkBoJQSIg$Cql8s06XKZI1lRJNCflI7drbeiA"
        ),
        (
            "PBKDF2-SHA-256", "pbkdf2_sha256$1500$OcNd6Ovbi6Md$MaJCXdLGzWzNp1/VfLbRoSoF/JDmdDP0Hk4D0oI01Y0=",
            "pbkdf2_sha256$1500$8LhQ2PeN2xfa$amjhWqxV5SJ4hlLsTbi/oWWSkqaPtvI+1M4d0r9p8PU="
        ),
        (
            "PBKDF2-SHA-1", "pbkdf2_sha1$1500$N7KFKgspmqPi$HP8bOs+Qjmahong6C44cRCeGABE=",
            "pbkdf2_sha1$1500$wlCGh3mMpCyG$VkQnang47H5az8X8FralYkEFp2c="
        ),
        (
            "PBKDF2-SHA-256", "$pbkdf2-sha256$i=3000,l=32$AAECAwQFBgcICQoLDA0ODw$ZlUvl14f82SpqBAIkDbPgiCwmCSqz5N0R1D1ZkgZWzo",
            "$pbkdf2-sha256$i=3000,l=32$AAECAwQFBgcICQoLDA0ODw$C3gt5P8fHN+o9qiIZ2YB93lDqKt/1VPvxJtckB3bS6s"
        ),
        (
            "PBKDF2-SHA-512",
            "$pbkdf2-sha512$i=3000$AAECAwQFBgcICQoLDA0ODw$q0b72vllToKiYRqWSOxo3zJapi8dhsv+B0upZT0yGu4Mnb0AgqSN+XOzldQc4AKiqNbZU1H4t9QPbcnUwOYYUw",
            "$pbkdf2-sha512$i=3000$AAECAwQFBgcICQoLDA0ODw$wCyYxPQsL7QBx9ojXqw4KTeHgdSl1+7oINWuo3C+YYv3rIeUMgWTZBASFlq74oKD8LhLHPTkO5Tw9O2R1yhDIw"
        ),
        (
            "scrypt", "$scrypt$ln=10,r=8,p=2$HMN4j1FqDQFAKOWc8z5HCA$PLo0wiyb2vTS/N4jPKLxf5wk7KinUk/1jbpD41+AMfs",
            "$scrypt$ln=10,r=8,p=2$L2XMGYPQOgegtJYSYiwl5A$HS5gKvlGpZdIiFUAam3GLe3xMowyUAvetEaeHXKfpzU"
        ),
        (
            "scrypt", "$scrypt$ln=12,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$mQODSPipO7v2IkeXX6QyBSRUHAy5goafrJaPOn9CN2o",
            "$scrypt$ln=12,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$Mn9anhcDFhKI+rEOsrAudfsjH2Ex9V2HWa7dL6Xf96M"
        ),
        (
            "Argon2id", "$argon2id$v=19$m=1024,t=3,p=1$5syWHIi03B5gYXjBp30bQA$Gi8pE3Nw6M0UQVUfYyVWPnq22McCMN32vz5hSaFqhG0",
            "$argon2id$v=19$m=1024,t=3,p=1$7WCbKfVjMqenOZnN9pgwKg$CQQ+PhksQRUU0FthFIr2uhiItL+lCHaY3N8YErvarLU"
        ),
        (
            "Argon2i", "$argon2i$v=19$m=1024,t=3,p=1$TXimjIKdqUAtSez8m/uw4w$6LRh/UoJBaKbzMdlMPB9EC3D+gcvwcmAAMA+PaN4fcs",
            "$argon2i$v=19$m=1024,t=3,p=1$wY8sm8WioZJbJJz5XAZIvA$ZN2kdzOSTe1OFF/chUFRYQ6rB+HHCBElxScX4BQCnDs"
        ),
        (
            "Argon2id", "$argon2id$v=19$m=2048,t=2,p=4$5ccqnJwhzuv1JbwmJo4qxg$FEYsmP1yh64HE5gEcv3eaaQuftZFkTAtECq+21y+pg0",
            "$argon2id$v=19$m=2048,t=2,p=4$1jJrhIu1JsmtgwZhnGR2Bg$/VHuV1fygGBCTa8vjFXYKjG5rydPEC2nLGgoA7YwpF0"
        ),
    ]
    static let sodium = "$7$86..../....J1kx6AFgWodH9Jb2iXKE2XDTBFzHm7tKFbktMNiYnmC$i9O5CjXPaKV7epM/XdCWaiCRrz6ejlubIxgcFL0kzsB"
    /// Of 72 times `a` and `tail`.
    static let long = "$2b$05$h2WJF8zCThwp6PBzTc1kM.jSdiNCun2UBTqvQblXHKb4trJbRkpDO"

    @Test(arguments: vectors) func `a hash of another program is known, matches its password and no other`(
        scheme: String, plain: String, accented: String
    ) throws {
        let hashes = try [StoredHash(plain), StoredHash(accented)]
        #expect(hashes.map(\.scheme) == [scheme, scheme])
        #expect(hashes[0].matches(Array(Self.plain.utf8)))
        #expect(hashes[1].matches(Array(Self.accented.utf8)))
        for wrong in ["", "correct horse batter", "correct horse battery ", "Correct horse battery"] {
            #expect(!hashes[0].matches(Array(wrong.utf8)), "\(wrong)")
        }
        #expect(!hashes[1].matches(Array(Self.plain.utf8)))
    }

    @Test func `libsodium's scrypt form is known`() throws {
        let hash = try StoredHash(Self.sodium)
        #expect(hash.scheme == "scrypt")
        #expect(hash.matches(Array(Self.plain.utf8)))
        #expect(!hash.matches(Array("correct horse batteri".utf8)))
    }

    @Test func `bcrypt looks at 72 bytes, and a NUL matches nothing`() throws {
        let hash = try StoredHash(Self.long)
        let start = [UInt8](repeating: UInt8(ascii: "a"), count: 72)
        #expect(hash.matches(start + Array("tail".utf8)))
        #expect(hash.matches(start))
        #expect(hash.matches(start + Array("another".utf8)))
        #expect(!hash.matches(Array(start.dropLast())))
        #expect(!hash.matches(start + [0]))
        let short = try StoredHash(Self.vectors[0].1)
        #expect(!short.matches(Array(Self.plain.utf8) + [0]))
        #expect(!short.matches(Array(Self.plain.utf8) + [0, 65]))
    }

    @Test func `every single changed character of a hash is noticed`() throws {
        // The last character of each hash carries bits that no scheme uses; all before it count.
        for (_, text, _) in Self.vectors {
            var bytes = Array(text.utf8)
            let index = bytes.count - 4
            bytes[index] = bytes[index] == UInt8(ascii: "b") ? UInt8(ascii: "c") : UInt8(ascii: "b")
            let changed = try? StoredHash(String(decoding: bytes, as: UTF8.self))
            #expect(changed?.matches(Array(Self.plain.utf8)) != true, "\(text)")
        }
    }

    @Test(arguments: [
        ("", "unknown_hash"), ("secret", "unknown_hash"), ("5f4dcc3b5aa765d61d8327deb882cf99", "unknown_hash"),
        ("$6$rounds=5000$salt$hash", "unknown_hash"), ("$1$salt$hash", "unknown_hash"), ("{SSHA}abcdefgh", "unknown_hash"),
        ("$argon2d$v=19$m=1024,t=2,p=1$0afHHPGvpPvpD3FtK+sUlQ$nm2SUwvWT9hR0CUaqCczD/PcS6tNnnCrt+juNlQet1w", "unknown_hash"),
        ("$argon2id$v=19$m=1024,t=3,p=1$5syWHIi03B5gYXjBp30bQA", "malformed_hash"),
        ("$argon2id$v=16$m=1024,t=3,p=1$5syWHIi03B5gYXjBp30bQA$Gi8pE3Nw6M0UQVUfYyVWPnq22McCMN32vz5hSaFqhG0", "malformed_hash"),
        ("$argon2id$v=19$m=01024,t=3,p=1$5syWHIi03B5gYXjBp30bQA$Gi8pE3Nw6M0UQVUfYyVWPnq22McCMN32vz5hSaFqhG0", "malformed_hash"),
        ("$argon2id$v=19$m=-1,t=3,p=1$5syWHIi03B5gYXjBp30bQA$Gi8pE3Nw6M0UQVUfYyVWPnq22McCMN32vz5hSaFqhG0", "malformed_hash"),
        ("$argon2id$v=19$m=8,t=3,p=4$5syWHIi03B5gYXjBp30bQA$Gi8pE3Nw6M0UQVUfYyVWPnq22McCMN32vz5hSaFqhG0", "malformed_hash"),
        ("$argon2id$v=19$m=1024,t=0,p=1$5syWHIi03B5gYXjBp30bQA$Gi8pE3Nw6M0UQVUfYyVWPnq22McCMN32vz5hSaFqhG0", "malformed_hash"),
        ("$argon2id$v=19$m=262145,t=1,p=1$5syWHIi03B5gYXjBp30bQA$Gi8pE3Nw6M0UQVUfYyVWPnq22McCMN32vz5hSaFqhG0", "costly_hash"),
        ("$argon2id$v=19$m=262144,t=5,p=1$5syWHIi03B5gYXjBp30bQA$Gi8pE3Nw6M0UQVUfYyVWPnq22McCMN32vz5hSaFqhG0", "costly_hash"),
        ("$argon2id$v=19$m=8,t=999999999,p=1$5syWHIi03B5gYXjBp30bQA$Gi8pE3Nw6M0UQVUfYyVWPnq22McCMN32vz5hSaFqhG0", "costly_hash"),
        ("$2b$06$H8pBPZzSSY.FmcIEuCtjguZOI58cdVC..3YTCgSgpTJOzjDmAysK", "malformed_hash"),
        ("$2x$06$H8pBPZzSSY.FmcIEuCtjguZOI58cdVC..3YTCgSgpTJOzjDmAysK2", "malformed_hash"),
        ("$2b$03$H8pBPZzSSY.FmcIEuCtjguZOI58cdVC..3YTCgSgpTJOzjDmAysK2", "malformed_hash"),
        ("$2b$16$H8pBPZzSSY.FmcIEuCtjguZOI58cdVC..3YTCgSgpTJOzjDmAysK2", "costly_hash"),
        ("$2b$31$H8pBPZzSSY.FmcIEuCtjguZOI58cdVC..3YTCgSgpTJOzjDmAysK2", "costly_hash"),
        ("$pbkdf2-sha256$0$99577/1fS2lNaW0N4dwbww$wpFsFbl3Q08zDIluRCGMr9RxE7YxsRSXN17ASePCFlQ", "malformed_hash"),
        ("$pbkdf2-md5$1200$99577/1fS2lNaW0N4dwbww$wpFsFbl3Q08zDIluRCGMr9RxE7YxsRSXN17ASePCFlQ", "malformed_hash"),
        ("$pbkdf2-sha256$i=3000,l=31$AAECAwQFBgcICQoLDA0ODw$ZlUvl14f82SpqBAIkDbPgiCwmCSqz5N0R1D1ZkgZWzo", "malformed_hash"),
        ("$pbkdf2-sha256$1200$99577/1fS2lNaW0N4dwbww$wpFs", "malformed_hash"),
        ("$pbkdf2-sha256$2000001$99577/1fS2lNaW0N4dwbww$wpFsFbl3Q08zDIluRCGMr9RxE7YxsRSXN17ASePCFlQ", "costly_hash"),
        ("$pbkdf2$1000001$xLgXovR.D6E0RojxPgfgnA$wpFsFbl3Q08zDIluRCGMr9RxE7YxsRSXN17ASePCFlQ", "costly_hash"),
        ("$scrypt$ln=0,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$mQODSPipO7v2IkeXX6QyBSRUHAy5goafrJaPOn9CN2o", "malformed_hash"),
        ("$scrypt$ln=12,r=8$AAECAwQFBgcICQoLDA0ODw$mQODSPipO7v2IkeXX6QyBSRUHAy5goafrJaPOn9CN2o", "malformed_hash"),
        ("$scrypt$ln=19,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$mQODSPipO7v2IkeXX6QyBSRUHAy5goafrJaPOn9CN2o", "costly_hash"),
        ("$scrypt$ln=17,r=8,p=5$AAECAwQFBgcICQoLDA0ODw$mQODSPipO7v2IkeXX6QyBSRUHAy5goafrJaPOn9CN2o", "costly_hash"),
        (
            "$scrypt$ln=31,r=999999999,p=999999999$AAECAwQFBgcICQoLDA0ODw$mQODSPipO7v2IkeXX6QyBSRUHAy5goafrJaPOn9CN2o",
            "costly_hash"
        ),
        ("$7$T6..../....J1kx6AFgWodH9Jb2iXKE2XDTBFzHm7tKFbktMNiYnmC$i9O5CjXPaKV7epM/XdCWaiCRrz6ejlubIxgcFL0kzsB", "costly_hash"),
        ("$7$86..../....J1kx6AFgWodH9Jb2iXKE2XDTBFzHm7tKFbktMNiYnmC$i9O5CjXPaKV7epM", "malformed_hash"),
        ("$2b$06$H8pBPZzSSY.FmcIEuCtjguZOI58cdVC..3YTCgSgpTJOzjDmAysK2\u{0}", "malformed_hash"),
        ("$2b$06$H8pBPZzSSY.FmcIEuCtjguZOI58cdVC..3YTCgSgpTJOzjDmAysK\u{e9}", "malformed_hash"),
    ]) func `what is no hash, or costs too much to check, is refused`(text: String, code: String) throws {
        let refusal = #expect(throws: StoredHash.Refusal.self) { try StoredHash(text) }
        #expect(refusal?.code == code)
        // What a hash holds is not repeated.
        #expect(refusal?.message.contains("AAECAw") != true)
    }

    @Test func `the hasher verifies foreign hashes, wants them renewed, and knows passwords as they were typed`() async throws {
        let hasher = PasswordHasher(cost: .init(passes: 1, memory: 8192), threads: 1, waiting: 8)
        defer { hasher.end() }
        for (_, plain, _) in Self.vectors {
            #expect(try await hasher.verify(Self.plain, against: plain))
            #expect(try await !hasher.verify("another", against: plain))
            #expect(hasher.needsRehash(plain))
        }
        let ours = try await hasher.hash(Self.plain)
        #expect(!hasher.needsRehash(ours))
        #expect(try await !hasher.verify(Self.plain, against: "no hash at all"))
        // passlib hashed the composed form; typed decomposed, it is composed first.
        #expect(try await hasher.verify("pa\u{308}sswo\u{308}rd ключ", against: Self.vectors[0].2))
    }
}
