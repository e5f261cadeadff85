import Access
import Testing

/// Random conditions and facts, always the same: the compiled evaluator against the naive one.
@Suite struct ConditionFuzzTests {
    @Test(arguments: 0..<4)
    func `the naive evaluator agrees`(seed: UInt64) throws {
        var world = ConditionWorld(seed: seed)
        var seen: [Truth: Int] = [:]
        for _ in 0..<6000 {
            let sketch = world.condition()
            let text = sketch.text(using: &world.generator)
            let condition = try Condition(parsing: text)
            for _ in 0..<3 {
                let facts = world.facts()
                let truth = condition.evaluate(TableFacts(facts))
                seen[truth, default: 0] += 1
                guard truth == Truth(naive: sketch.naive(facts)) else {
                    Issue.record("\(text): \(truth), not as \(TableFacts(facts))")
                    return
                }
            }
        }
        #expect(Truth.allCases.allSatisfy { (seen[$0] ?? 0) > 1000 }, "\(seen)")
    }

    /// Two letters make for many near misses; the lengths go through every way a text is searched.
    @Test(arguments: 0..<2)
    func `texts are searched and ordered as their bytes are`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        func random(_ lengths: ClosedRange<Int>) -> [UInt8] {
            let letters = Int.random(in: 0..<4, using: &generator) == 0 ? [UInt8(ascii: "a")] : Array("ab".utf8)
            return (0..<Int.random(in: lengths, using: &generator)).map { _ in letters.randomElement(using: &generator) ?? 0 }
        }
        var found = 0
        for _ in 0..<1500 {
            let text = random(0...300)
            var part = random(0...40)
            if Bool.random(using: &generator), !text.isEmpty {
                let start = Int.random(in: 0..<text.count, using: &generator)
                part = Array(text[start..<Int.random(in: start...text.count, using: &generator)])
                if Bool.random(using: &generator), let last = part.indices.last { part[last] ^= 3 }
            }
            let values = (
                AttributeValue.string(String(decoding: text, as: UTF8.self)),
                AttributeValue.string(String(decoding: part, as: UTF8.self))
            )
            for comparison in Filter.Comparison.allCases {
                let truth = values.0.compared(comparison, with: values.1)
                if comparison == .contains, truth == .yes { found += 1 }
                #expect(truth == Truth(naive: ConditionSketch.compare(values.0, comparison, values.1)), "\(comparison) \(values)")
            }
        }
        #expect((300..<1300).contains(found))
    }

    @Test(arguments: 0..<4)
    func `damaged text never stops the parser or the evaluator`(seed: UInt64) {
        var world = ConditionWorld(seed: seed &+ 100)
        let facts = TableFacts(world.facts())
        var outcomes = (accepted: 0, refused: 0)
        for _ in 0..<2000 {
            var bytes = Array(world.condition().text(using: &world.generator).utf8)
            for _ in 0...world.number(below: 3) where !bytes.isEmpty {
                let index = world.number(below: bytes.count)
                switch world.number(below: 5) {
                case 0: bytes[index] = UInt8(world.number(below: 0x80))
                case 1: bytes.remove(at: index)
                case 2: bytes.insert("()\"\\ .-".utf8.randomElement(using: &world.generator) ?? 0, at: index)
                case 3: bytes.insert(contentsOf: Array(" and not (subject.a ne resource.d.e)".utf8), at: index)
                default: bytes.removeLast(bytes.count - index)
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            do {
                let condition = try Condition(parsing: text)
                _ = condition.evaluate(facts)
                _ = condition.residual(facts)
                outcomes.accepted += 1
            } catch {
                outcomes.refused += 1
                #expect((0...text.utf8.count).contains(error.offset))
            }
        }
        #expect(outcomes.accepted > 50 && outcomes.refused > 50)
    }
}
