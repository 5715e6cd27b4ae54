// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>
#include <QEvent>
#include <functional>
#include <vector>

namespace denoscope {

// How long an event loop is busy at a stretch: from the first event that it delivers after having slept to
// where it would sleep again. What a person does in that time is answered at its end at the earliest. Fed by
// WatchedApplication; one thread.
class LoopWatch {
public:
    using Clock = std::function<double()>;  // milliseconds
    explicit LoopWatch(Clock clock);

    void begin();  // forgets what was, also that the loop is busy
    // Around the delivery of every event, nested as they are.
    void enter(const char* receiver, QEvent::Type type);
    void leave();
    void sleeps();

    struct Summary {
        int stretches = 0, over16 = 0, over100 = 0;  // milliseconds
        double longest = 0, percentile99 = 0;        // of the stretches; 0 where there were none
        double busyShare = 0;                        // 0..1 of the time since begin()
        QString worst;  // in the longest stretch the event that took longest without what it led to
    };
    Summary summary() const;

private:
    struct Delivery {
        const char* receiver;
        QEvent::Type type;
        double start;
        double within = 0;  // of deliveries that this one led to
    };

    Clock m_clock;
    std::vector<Delivery> m_deliveries;
    std::vector<double> m_stretches;
    double m_begin = 0;
    double m_start = -1;   // of the stretch in hand; < 0: none
    Delivery m_dearest{};  // of the stretch in hand
    double m_dearestTime = 0;
    double m_longest = 0;
    Delivery m_worst{};
    double m_worstTime = 0;
};

// Tells a watch of the events of its own thread.
class WatchedApplication : public QApplication {
    Q_OBJECT

public:
    WatchedApplication(int& argc, char** argv);

    LoopWatch& watch() { return m_watch; }
    bool notify(QObject* receiver, QEvent* event) override;

private:
    LoopWatch m_watch;
};

}  // namespace denoscope
