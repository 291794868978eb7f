// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <console/session/CertificateStore.h>

#include <QWidget>

class QLabel;
class QPushButton;

namespace platen::console {

/// Shows a certificate nobody vouches for. At first contact a person compares the fingerprint and trusts it once; one that has
/// changed is refused, with both fingerprints, until the old one is forgotten.
class CertificatePanel final : public QWidget {
    Q_OBJECT

public:
    explicit CertificatePanel(QWidget* parent = nullptr);

    void present(const DoubtfulCertificate& certificate);

signals:
    void trusted(const platen::console::DoubtfulCertificate& certificate);
    void forgotten(const platen::console::DoubtfulCertificate& certificate);
    void cancelled();

private:
    QWidget* makeFingerprint(QLabel*& caption, QLabel*& value, const QString& objectName);

    DoubtfulCertificate m_certificate;
    QLabel* m_icon = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_words = nullptr;
    QLabel* m_oldCaption = nullptr;
    QLabel* m_old = nullptr;
    QWidget* m_oldBox = nullptr;
    QLabel* m_newCaption = nullptr;
    QLabel* m_new = nullptr;
    QLabel* m_facts = nullptr;
    QPushButton* m_trust = nullptr;
    QPushButton* m_forget = nullptr;
    QPushButton* m_back = nullptr;
};

} // namespace platen::console
