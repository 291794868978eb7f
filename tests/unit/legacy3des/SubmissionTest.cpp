// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <crypto/Crypto.h>
#include <legacy3des/Submission.h>
#include <legacy3des/TripleDes.h>
#include <testkit/Program.h>
#include <testkit/ProtocolVectors.h>

#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;
using protocol::EnvelopeType;
using test::fill;

namespace legacy = platen::legacy3des;

/// The obsolete file of 4.x, judged by bytes that OpenSSL's command line and Python made.
class SubmissionTest : public QObject {
    Q_OBJECT

    legacy::Keys m_keys;
    legacy::Submission m_submission{{fill(16, 0xc0), 1, 7}, EnvelopeType::Data, "hello"};
    QByteArray m_file;

private slots:
    void initTestCase()
    {
        QVERIFY(crypto::start());
        m_keys = {Secret(test::protocolVector("k_v1_128")), Secret(test::protocolVector("k_v1_mac"))};
        m_file = *legacy::seal(m_submission, m_keys, "unique");
    }

    void isWhatOthersMake()
    {
        QCOMPARE(m_file.toHex(),
            "504c4531c0c1c2c3c4c5c6c7c8c9cacbcccdcecf0000000100000000000000070b1422fb4ef2bf7f98b3293da8df4da9"
            "bcc5a1694c72ad72884b0bf34d484fbd0a2975e466eab0b181092b84f77687d6");
        QCOMPARE(*legacy::open(m_file, m_keys), m_submission);
        QCOMPARE(legacy::blocksOf(m_file), 1);
    }

    /// Single DES of FIPS 81's example where both keys are the same; what OpenSSL's command line says where they are not.
    void expandsItsKey()
    {
        const QByteArray iv(8, '\0');
        const auto same = legacy::encrypt(Secret(QByteArray::fromHex("0123456789abcdef0123456789abcdef")), iv, "Now is t");
        const auto other = legacy::encrypt(Secret(QByteArray::fromHex("0123456789abcdeffedcba9876543210")), iv, "Now is t");
        QCOMPARE(same->first(8).toHex(), "3fa40e8a984d4815");
        QCOMPARE(other->first(8).toHex(), "d80a0d8b2bae5e4e");
    }

    void isTheSameWhenSentAgain()
    {
        QCOMPARE(*legacy::seal(m_submission, m_keys, "unique"), m_file);
        QVERIFY(*legacy::seal(m_submission, m_keys, "another") != m_file);
    }

    void padsToWholeBlocks_data()
    {
        QTest::addColumn<int>("size");
        for (const int size : {0, 1, 6, 7, 8, 9, 1000})
            QTest::addRow("%d", size) << size;
    }

    void padsToWholeBlocks()
    {
        QFETCH(int, size);
        legacy::Submission some = m_submission;
        some.body = fill(size, 0);
        const QByteArray file = *legacy::seal(some, m_keys, "unique");
        QCOMPARE(legacy::blocksOf(file), (size + 1) / 8 + 1);
        QCOMPARE(*legacy::open(file, m_keys), some);
    }

    void noticesEveryChangedBit()
    {
        for (qsizetype bit = 0; bit < m_file.size() * 8; ++bit) {
            QByteArray changed = m_file;
            changed[bit / 8] ^= char(1 << bit % 8);
            QVERIFY2(!legacy::open(changed, m_keys), qPrintable(QString::number(bit)));
        }
        for (qsizetype size = 0; size < m_file.size(); ++size)
            QVERIFY(!legacy::open(m_file.first(size), m_keys));
    }

    void opensNothingOfAnotherKey()
    {
        const legacy::Keys others{m_keys.cipher, Secret(QByteArray(32, 'x'))};
        const auto opened = legacy::open(m_file, others);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::CryptoFailed);
    }

    void refusesWhatIsTooLarge()
    {
        legacy::Submission large = m_submission;
        large.body = QByteArray(300'000, 'x');
        QCOMPARE(legacy::open(*legacy::seal(large, m_keys, "unique"), m_keys).error().code, ErrorCode::LimitExceeded);
    }

    void answersOneFileOnly()
    {
        const protocol::Ack ack{7, protocol::AckCode::Ok, {3}};
        const QByteArray answer = legacy::sealAnswer(ack, m_file, m_keys);
        QCOMPARE(*legacy::openAnswer(answer, m_file, m_keys), ack);
        QVERIFY(!legacy::openAnswer(answer, *legacy::seal(m_submission, m_keys, "another"), m_keys));
        QVERIFY(!legacy::openAnswer(m_file, m_file, m_keys)); // sent back to us
        for (qsizetype i = 0; i < answer.size(); ++i) {
            QByteArray changed = answer;
            changed[i] ^= 1;
            QVERIFY(!legacy::openAnswer(changed, m_file, m_keys));
        }
    }
};

PLATEN_TEST(SubmissionTest)
#include "SubmissionTest.moc"
