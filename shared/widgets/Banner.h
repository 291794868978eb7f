// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLabel;
class QPushButton;

namespace platen::widgets {

/// Says in the page what went wrong and what helps, with a button that tries again. Hidden until it has something to say.
class Banner final : public QFrame {
    Q_OBJECT

public:
    explicit Banner(QWidget* parent = nullptr);

    /// A failure; `action` is the button's verb, empty for none.
    void showError(const QString& words, const QString& action);

    /// Something to know that is not a failure (amber).
    void showNotice(const QString& words, const QString& action);

    QString words() const;

signals:
    void actionTriggered();

private:
    void present(const QString& words, const QString& action, bool isError);

    QLabel* m_icon;
    QLabel* m_words;
    QPushButton* m_action;
};

} // namespace platen::widgets
